"""What the OpenAPI document says of each status, in a few words."""

STATUS_WORDS = {
    "200": "Done",
    "201": "Created and applied",
    "202": "Accepted; it goes on by itself",
    "303": "Done; Location is the page to look at next",
    "400": "The body is not JSON",
    "401": "No good token",
    "403": "Not in this token's scope",
    "404": "There is nothing of that name",
    "409": "The state of the platform, or of what is asked for, forbids it; nothing was changed",
    "411": "The body comes without its length",
    "412": "If-Match names another version",
    "413": "The body is larger than 64 KB",
    "415": "The body is declared as something other than JSON",
    "422": "Some fields will not do; each is named",
    "500": "A bug",
    "503": "Stocktake is not set up rightly; its log says what is wrong",
}

"""The pages of `docs/reference/`, made from the code that they are about, by `make reference`.

What only a person can say (when something happens, what to do then) stands here in tables, by the name that
the code has for it. A test fails where a name is missing here, or is there no more. Never packaged.
"""

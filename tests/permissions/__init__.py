"""May a function do what it does? The calls that it makes, held against the policies of its role."""

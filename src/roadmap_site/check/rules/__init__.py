"""The rules, one function each, in one module a family."""

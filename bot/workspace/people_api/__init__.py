"""The API with which a page or a script plays a person: `/workspace/*`."""

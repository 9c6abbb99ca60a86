// Nothing is imported from a plugin: it is loaded.

/* A shared library that is no plugin. */
__attribute__((visibility("default"))) int test_no_entry(void) { return 1; }

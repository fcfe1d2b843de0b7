"""Live pages: one mechanism for every format's tools; it knows tools, never the features behind."""

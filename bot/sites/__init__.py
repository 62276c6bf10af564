"""HTTP out: a folder a comment platform, each exporting one `Platform`; `registry` lists them."""

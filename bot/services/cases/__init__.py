"""Cases: taking reports in, deciding, undoing, and all that is done with a case besides."""

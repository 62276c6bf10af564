"""What tests of more than one room share: hands and eyes in the stand-in, waiting, a new desk."""

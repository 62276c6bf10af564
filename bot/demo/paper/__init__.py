"""The Colne Courier: an invented local paper, whose readers report and which obeys the desk."""

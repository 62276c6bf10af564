"""Presses: what each button, menu and form stands for, by subject, under one scheme."""

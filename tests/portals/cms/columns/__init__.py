"""The Django application of the Wagtail portal: copied into the project that `wagtail start` makes."""

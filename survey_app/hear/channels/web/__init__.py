"""The survey in a browser: links and forms come in; submissions go to the intake, pages back."""

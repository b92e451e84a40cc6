"""The pages of the weekly e-mail: a reader asks for it and sees it; one click stops it, signed in or not."""

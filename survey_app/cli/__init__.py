"""Commands come in from people who run the product; rooms do the work; plain lines go out."""

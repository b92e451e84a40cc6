"""A list of people comes in, in whatever shape; what each row would do, and then does, comes out."""

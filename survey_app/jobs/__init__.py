"""The clock process and the workers: what happens without anybody asking, once, in order."""

"""A Series and its titles come in; SVG and PNG bytes go out. Only here is matplotlib loaded."""

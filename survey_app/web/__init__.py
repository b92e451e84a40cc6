"""The ground every page stands on: settings come in; layouts, safe headers, widgets and limits go out."""

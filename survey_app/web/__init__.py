"""The ground every page stands on: settings and templates come in; safe headers, layouts, widgets and limits go out."""

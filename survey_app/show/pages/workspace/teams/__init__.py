"""Teams in the workspace; in: what leaders and survey officers fill in; out: rosters and waves."""

"""A small tree of places as a file."""

from __future__ import annotations

TREE = """id,name,kind,code,parent
elm,Elm Surgery,practice,P1,north
north,North,locality,L1,town
south,South,locality,L2,town
coast,Coast,locality,L3,shore
town,Town,place,A1,county
shore,Shore,place,A2,county
county,County,system,S1,
"""

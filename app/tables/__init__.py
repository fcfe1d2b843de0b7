"""World Café: tables, who sits where, one clock for all rounds, and what tables write down."""

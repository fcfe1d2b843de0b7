"""Pages made of many features: home, programme, session, staff dashboard."""

"""The floor: one line for the room, online and in writing, the turns held, questions sent in."""

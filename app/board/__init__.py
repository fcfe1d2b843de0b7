"""The board: ideas in writing, comments, supports, for as long as the round is open."""

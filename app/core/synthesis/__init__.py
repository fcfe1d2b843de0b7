"""From what was said to the Information Document: counting, citing, the gate, editions.

Ask for the modules by name: ``quantity`` (words from counts), ``contributors`` (who counts once),
``excerpts``, ``statements``, ``themes``, ``gate`` and ``coverage`` (what blocks, what only warns),
``convergence``, ``changes`` (from edition to edition), ``sealing`` and ``redaction`` (what a
withdrawal takes out of a frozen edition). What an edition holds is `app.core.document`; small
cells of its tables are hidden by `app.core.statistics`.
"""

"""An edition as files: one paper in words, written down as DOCX, PDF/UA, Markdown and JSON."""

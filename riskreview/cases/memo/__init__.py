"""The decision memo: the sealed dossier in the order a reader asks, as HTML, tagged PDF and DOCX (docs/casework.md)."""

"""The printing press: a child process that sets registers with WeasyPrint and binds the pieces with pikepdf.

`press`, `plain_text` and `tray` belong to the parent, everything else to the child; `wire` is the line between
them. The parent never imports WeasyPrint or pikepdf: they would stay in its memory.
"""

"""The child that looks into files of strangers; `app.adapters.imagetool_sandbox` is its parent.

The parent starts it as `python -I -S -c …`, one process a file. It is imported as the top-level package `sandbox`,
uses relative imports only and knows nothing of `app`: no configuration, no keys, no database.
"""

"""The Flask glue: access, forgery, errors, headers, words of templates. Screens know nothing of it but decorators."""

from __future__ import annotations

from flask import Flask


def mount(app: Flask) -> None:
    """Put the glue on `app`, in the order in which a request meets it."""
    from app.web import assets, clock_words, compress, context, csrf, errors, extensions, filters, headers, health
    from app.web.converters import IdConverter

    app.url_map.converters["id"] = IdConverter
    extensions.htmx.init_app(app)
    extensions.login.init_app(app)
    extensions.babel.init_app(app, locale_selector=context.choose_locale)
    # After-request functions run in reverse: compression last.
    compress.init_app(app)
    headers.init_app(app)
    csrf.init_app(app)
    context.init_app(app)
    filters.init_app(app)
    clock_words.init_app(app)
    errors.init_app(app)
    app.register_blueprint(assets.assets)
    app.register_blueprint(health.health)
    app.jinja_env.globals["offers_authority"] = health.offers_authority

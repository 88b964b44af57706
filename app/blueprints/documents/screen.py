"""The blueprint that the routes of documents share."""

from flask import Blueprint

screen = Blueprint("documents", __name__)

"""Vendors, their names in every script, their products and whom they belong to."""

from .alias import PRIORS, Alias
from .judgement import DuplicateJudgement, NameJudgement, Verdict
from .namechange import NameChange
from .product import Product
from .relation import Relation
from .vendor import RESERVED_SLUGS, Vendor

__all__ = [
    "PRIORS",
    "RESERVED_SLUGS",
    "Alias",
    "DuplicateJudgement",
    "NameChange",
    "NameJudgement",
    "Product",
    "Relation",
    "Vendor",
    "Verdict",
]

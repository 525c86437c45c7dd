"""People, their teams and stand-ins, and the tokens and addresses their programs carry."""

from .delegation import Delegation
from .feed import CalendarFeed
from .team import Team
from .token import ApiToken
from .user import SYSTEM, User

__all__ = ["SYSTEM", "ApiToken", "CalendarFeed", "Delegation", "Team", "User"]

"""People, their teams and stand-ins, and the tokens and addresses their programs carry."""

from .attempt import Attempt
from .delegation import Delegation
from .feed import CalendarFeed
from .team import Team
from .token import ApiToken
from .user import SYSTEM, User

__all__ = ["SYSTEM", "ApiToken", "Attempt", "CalendarFeed", "Delegation", "Team", "User"]

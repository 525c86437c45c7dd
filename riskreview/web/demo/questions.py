"""The questions of January 2025, as they might have reached a review desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from riskreview.cases.models import Priority


@dataclass(frozen=True, slots=True)
class Question:
    """One case to open. `due` counts from the moment the story is told, and `asked` is how long before it somebody
    asked; `playbook` is the process it follows."""

    title: str
    question: str
    requester: str
    vendors: tuple[str, ...]
    priority: Priority
    due: timedelta
    playbook: str = ""
    asked: timedelta = timedelta()


NSC = Question(
    title="DeepSeek: national security review of its expansion",
    question=(
        "The National Security Council is looking at the implications of DeepSeek. What do the spread of its app and of"
        " its open models mean for our agency: where do prompts and account data go, who can compel access to them, and"
        " is a limit on use called for?"
    ),
    requester="National Security Council staff",
    vendors=("deepseek",),
    priority=Priority.URGENT,
    due=timedelta(days=2, hours=3),
    playbook="interagency_policy_review",
    asked=timedelta(days=2),
)
DISTILLATION = Question(
    title="OpenAI and DeepSeek: accounts blocked over suspected distillation",
    question=(
        "OpenAI and Microsoft are reported to have blocked accounts suspected of using OpenAI output to train a"
        " competing model in breach of the terms of service. What is alleged, by whom, on what evidence, and what"
        " follows for our own contracts?"
    ),
    requester="General counsel",
    vendors=("deepseek", "openai", "microsoft"),
    priority=Priority.HIGH,
    due=timedelta(hours=5),
)
PRICES = Question(
    title="Price war over Chinese language models: ByteDance, Alibaba, Baidu",
    question=(
        "ByteDance, Alibaba Cloud and Baidu cut the prices of their language models and release new versions in quick"
        " succession. Do we depend on a supplier that may not last at these prices?"
    ),
    requester="Procurement",
    vendors=("bytedance", "alibaba", "baidu"),
    priority=Priority.NORMAL,
    due=timedelta(days=9),
)
ITALY = Question(
    title="DeepSeek: the Garante's limit on processing users' data",
    question=(
        "Italy's data protection authority asked DeepSeek for information and then limited the processing of Italian"
        " users' data. Does the order touch our staff in Rome, and should other offices follow it?"
    ),
    requester="Data protection officer",
    vendors=("deepseek",),
    priority=Priority.HIGH,
    due=timedelta(days=1, hours=2),
    playbook="internal_review",
)
POWER = Question(
    title="Data-centre power demand of our cloud suppliers",
    question=(
        "Meta, Amazon and Microsoft plan very large data centres. Does the electricity they need put the continuity of"
        " the services we buy at risk?"
    ),
    requester="Continuity planning",
    vendors=("meta", "amazon", "microsoft"),
    priority=Priority.LOW,
    due=timedelta(days=21),
    playbook="supplier_assessment",
)
DEVICES = Question(
    title="DeepSeek on managed devices: what other governments did",
    question=(
        "Australia, Texas, Taiwan, NASA and the US Navy banned or restricted DeepSeek on official devices. On what"
        " grounds, with what exemptions, and should we do the same?"
    ),
    requester="Chief information officer",
    vendors=("deepseek",),
    priority=Priority.HIGH,
    due=timedelta(hours=-4),
    playbook="device_use_direction",
)
ALL = (NSC, DISTILLATION, PRICES, ITALY, POWER, DEVICES)

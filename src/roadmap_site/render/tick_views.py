"""What templates see of things to tick: items, projects, resources, question banks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from roadmap_site.model.addresses import bank_address
from roadmap_site.model.curriculum import (
    BankMention,
    Block,
    Item,
    Mention,
    Project,
    Question,
    Reference,
    Resource,
)
from roadmap_site.model.index import Index
from roadmap_site.model.values import Duration
from roadmap_site.render.templates import highlighted

View = dict[str, Any]

PROJECT_KINDS = {
    "mini": "mini project",
    "milestone": "milestone project",
    "capstone": "capstone project",
    "portfolio": "portfolio piece",
    "idea": "project idea",
}


def time_text(time: Duration | None) -> str:
    """A duration in words, empty for none."""
    return str(time) if time else ""


def cite_views(index: Index, refs: Iterable[str]) -> list[View]:
    """Resources by name and address; unknown ones are left out (a rule says so)."""
    resources = index.curriculum.resources
    return [{"title": r.title, "url": r.url} for ref in refs if (r := resources.get(ref))]


def item_view(index: Index, item: Item, prefix: str = "") -> View:
    """An item with its points. `prefix` goes before ids where places share a page."""
    code = item.code
    return {
        "id": prefix + item.id,
        "text": item.text,
        "points": [item_view(index, point, prefix) for point in item.points],
        "optional": item.optional,
        "note": item.note,
        "time": time_text(item.time),
        "cites": cite_views(index, item.cites),
        "code": highlighted(code.source, code.language) if code else "",
        "language": code.language if code else "",
        "packages": code.packages if code else (),
    }


def project_view(index: Index, project: Project, prefix: str = "") -> View:
    """A project with its requirements and deliverables."""
    return {
        "id": prefix + project.id,
        "title": project.title,
        "kind": PROJECT_KINDS[project.kind],
        "brief": project.brief,
        "variants": project.variants,
        "requirements": [item_view(index, item, prefix) for item in project.requirements],
        "deliverables": [item_view(index, item, prefix) for item in project.deliverables],
        "optional": project.optional,
        "time": time_text(project.time),
        "cites": cite_views(index, project.cites),
    }


def mention_view(index: Index, mention: Mention, prefix: str = "") -> View:
    """A resource where it is used, alternatives joined into one entry."""
    library = index.curriculum.resources
    known = [library[ref] for ref in mention.refs if ref in library]
    joint = " or " if mention.any_of else " and "
    one: Resource | None = known[0] if len(known) == 1 else None
    return {
        "id": prefix + mention.id,
        "title": mention.text or joint.join(r.title for r in known) or joint.join(mention.refs),
        "authors": ", ".join(dict.fromkeys(a for r in known for a in r.authors)),
        "part": mention.part,
        "type": one.type if one else "",
        "cost": one.cost if one else "free",
        "level": (one.level or "") if one else "",
        "access": one.access if one else "open",
        "links": [{"title": r.title, "url": r.url} for r in known if r.url],
        "note": mention.note or (one.note if one else ""),
        "optional": mention.optional,
    }


def bank_mention_view(index: Index, mention: BankMention, prefix: str = "") -> View:
    """A question bank to work through."""
    bank = index.curriculum.banks.get(mention.bank)
    return {
        "id": prefix + mention.id,
        "title": bank.title if bank else mention.bank,
        "url": bank_address(mention.bank),
        "questions": len(bank.questions) if bank else mention.questions,
        "optional": mention.optional,
    }


def question_view(question: Question) -> View:
    """A question with its answer."""
    return {
        "id": question.id,
        "text": question.text,
        "answer": question.answer,
        "level": question.level or "",
        "optional": question.optional,
    }


def reference_views(index: Index, references: Iterable[Reference]) -> list[View]:
    """Sentences of guidance."""
    return [
        {
            "title": reference.title,
            "text": reference.text,
            "points": reference.points,
            "cites": cite_views(index, reference.cites),
            "time": time_text(reference.time),
        }
        for reference in references
    ]


def block_view(index: Index, block: Block, prefix: str = "") -> View:
    """What weeks, modules and branches have in common."""
    return {
        "id": block.id,
        "title": block.title,
        "time": time_text(block.time),
        "concept": block.concept,
        "summary": block.summary,
        "goal": block.goal,
        "topics": [item_view(index, item, prefix) for item in block.topics],
        "key_concepts": [
            {
                "title": group.title,
                "items": [item_view(index, item, prefix) for item in group.items],
            }
            for group in block.key_concepts
        ],
        "practice": [item_view(index, item, prefix) for item in block.practice],
        "projects": [project_view(index, project, prefix) for project in block.projects],
        "resources": [mention_view(index, mention, prefix) for mention in block.resources],
        "interview": [bank_mention_view(index, bank, prefix) for bank in block.interview],
        "advice": reference_views(index, block.advice),
    }

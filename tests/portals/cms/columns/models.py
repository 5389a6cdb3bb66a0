"""The pages of a county's site, as Wagtail's own tutorial would have them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import models
from wagtail.blocks import RichTextBlock
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

SIZE = 3


class SectionPage(Page):
    """An area: it shows the pages below it."""

    intro = RichTextField(blank=True)


class ColumnPage(Page):
    """A list of articles, paged by Django's own paginator."""

    intro = RichTextField(blank=True)

    def get_context(self, request):
        articles = ArticlePage.objects.child_of(self).live().order_by("-date")
        context = super().get_context(request)
        context["articles"] = Paginator(articles, SIZE).get_page(request.GET.get("page"))
        return context


class ArticlePage(Page):
    """An article."""

    date = models.DateField()
    author = models.CharField(max_length=80)
    intro = models.CharField(max_length=200, blank=True)
    body = StreamField(
        [("text", RichTextBlock()), ("table", TableBlock()), ("document", DocumentChooserBlock())],
    )

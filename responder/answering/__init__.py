"""Answers: who may approve and offer what, and the reply as it goes live."""

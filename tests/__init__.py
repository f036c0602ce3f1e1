"""Tests mirror the folders; flows/ tells whole stories."""

"""Simulated students who fill the workbook in a room, and check at the end that every acknowledged answer is there."""

"""What tests do not import here."""

collect_ignore = ["cimba_model.py"]
"""imports Cimba, which no test needs and no install brings"""

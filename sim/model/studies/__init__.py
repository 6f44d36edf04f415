"""What each study is asked: its keys, checked."""

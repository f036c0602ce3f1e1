"""What people do with a case, and the doors through which they tell of one."""

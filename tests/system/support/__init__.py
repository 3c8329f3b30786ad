"""What the system tests share: processes with time limits, generated projects, services, HTTP."""

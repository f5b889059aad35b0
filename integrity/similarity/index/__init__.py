"""Where sketches are kept and looked up: one protocol, several back ends."""

help:
	@echo "make demo | test"

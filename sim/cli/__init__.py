"""The command line: the only importer of Hydra and OmegaConf, inside functions, so that `import sim` is light."""

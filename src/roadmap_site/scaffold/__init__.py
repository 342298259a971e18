"""What an editor starts from: new YAML in the house style, beside what is there."""

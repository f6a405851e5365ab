console.log("a file of a test");

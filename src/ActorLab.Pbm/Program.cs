Console.WriteLine("pbm");
